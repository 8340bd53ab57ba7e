"""Keep what an answer paid at which time."""

from decimal import Decimal

from labeling.campaigns.models import Campaign, PayRate


def keep_rate(campaign: Campaign) -> None:
    """Write down what a campaign pays from now on, if it is other than before.

    In the transaction of whoever changed it.
    """
    amount = campaign.pay or Decimal(0)
    last = PayRate.objects.filter(campaign=campaign).order_by("-pk").first()
    if last is None and not amount:
        return
    if last is None or (last.amount, last.currency) != (amount, campaign.currency):
        PayRate.objects.create(campaign=campaign, amount=amount, currency=campaign.currency)
