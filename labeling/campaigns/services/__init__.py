"""What can be done with campaigns, their guide, their members and their rounds."""

from labeling.campaigns.services.describing import change_member, describe_member, qualify_member
from labeling.campaigns.services.editing import (
    create_campaign,
    edit_campaign,
    publish_guideline,
    set_state,
)
from labeling.campaigns.services.members import (
    Added,
    add_member,
    add_members,
    change_role,
    invite_again,
    remove_member,
)
from labeling.campaigns.services.reading import accept_warning, mark_read
from labeling.campaigns.services.rounds import close_round, edit_round, open_round, reopen_round

__all__ = [
    "Added",
    "accept_warning",
    "add_member",
    "add_members",
    "change_member",
    "change_role",
    "close_round",
    "create_campaign",
    "describe_member",
    "edit_campaign",
    "edit_round",
    "invite_again",
    "mark_read",
    "open_round",
    "publish_guideline",
    "qualify_member",
    "remove_member",
    "reopen_round",
    "set_state",
]
