"""What can be done with campaigns, their guide and their members."""

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

__all__ = [
    "Added",
    "add_member",
    "add_members",
    "change_role",
    "create_campaign",
    "edit_campaign",
    "invite_again",
    "publish_guideline",
    "remove_member",
    "set_state",
]
