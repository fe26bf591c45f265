"""The vendor's own client with its five classes, against the sandbox at the address and with the token given."""

import sys
from datetime import datetime, timedelta, timezone

from thousandeyes_sdk.administrative import (
    AccountGroupRequest,
    AccountGroupsApi,
    ExpandAccountGroupOptions,
    PermissionsApi,
    RoleRequestBody,
    RolesApi,
    UserAccountGroupRole,
    UserEventsApi,
    UserRequest,
    UsersApi,
)
from thousandeyes_sdk.core import ApiClient, Configuration
from thousandeyes_sdk.core.exceptions import BadRequestException, ForbiddenException, NotFoundException

host, token, reader = sys.argv[1:]
client = ApiClient(Configuration(host=host, access_token=token))
auditor = ApiClient(Configuration(host=host, access_token=reader))
EVERYTHING = [ExpandAccountGroupOptions.USER, ExpandAccountGroupOptions.AGENT]


def refused(kind, call, *args, **kwargs):
    """The error of a call that has to be refused in this way."""
    try:
        call(*args, **kwargs)
    except kind as error:
        return error
    raise AssertionError(f"{call.__name__} was not refused with {kind.__name__}")


def equal(actual, expected):
    assert actual == expected, f"{actual!r} in place of {expected!r}"


def account_groups():
    groups = AccountGroupsApi(client)
    listed = groups.get_account_groups().account_groups
    equal(len(listed), 6)
    request = AccountGroupRequest(account_group_name="Büro 山", agents=["9001"])
    created = groups.create_account_group_with_http_info(request, expand=EVERYTHING)
    equal(created.status_code, 201)
    aid = created.data.aid
    assert created.headers["location"].endswith(f"/v7/account-groups/{aid}")
    assert len(created.data.users) > 2
    detail = groups.get_account_group(aid, expand=EVERYTHING)
    equal([agent.agent_name for agent in detail.agents], ["hq-core-1"])
    renamed = AccountGroupRequest(account_group_name="Büro 川", agents=[])
    equal(groups.update_account_group(aid, renamed, expand=EVERYTHING).agents, [])
    equal(groups.get_account_group(aid).account_group_name, "Büro 川")
    error = refused(BadRequestException, groups.create_account_group, renamed)
    equal(error.data.errors[0].var_field, "accountGroupName")
    refused(ForbiddenException, AccountGroupsApi(auditor).create_account_group, request)
    equal(groups.delete_account_group_with_http_info(aid).status_code, 204)
    refused(NotFoundException, groups.get_account_group, aid)


def roles():
    api = RolesApi(client)
    permissions = PermissionsApi(client).get_permissions(aid="2001").permissions
    chosen = [item.permission_id for item in permissions if not item.is_management_permission]
    created = api.create_role(RoleRequestBody(name="Viewer", permissions=chosen), aid="2001")
    equal([item.permission_id for item in created.permissions], chosen)
    changed = api.update_role(created.role_id, RoleRequestBody(name="Narrow viewer", permissions=chosen[:1]))
    equal([changed.name, len(changed.permissions)], ["Narrow viewer", 1])
    assert created.role_id in [role.role_id for role in api.get_roles().roles]
    equal(api.get_role(created.role_id).name, "Narrow viewer")
    refused(ForbiddenException, api.update_role, "33", RoleRequestBody(name="Mine", permissions=chosen))
    refused(ForbiddenException, PermissionsApi(auditor).get_permissions)
    equal(api.delete_role_with_http_info(created.role_id).status_code, 204)
    refused(NotFoundException, api.get_role, created.role_id)


def users():
    api = UsersApi(client)
    role = UserAccountGroupRole(account_group_id="2002", role_ids=["33"])
    created = api.create_user(UserRequest(name="Åsa", email="asa@example.com", account_group_roles=[role]))
    equal(created.account_group_roles[0].roles[0].role_id, "33")
    equal(api.update_user(created.uid, UserRequest(name="Åsa Yamada")).name, "Åsa Yamada")
    equal(api.get_user(created.uid).email, "asa@example.com")
    equal(len(api.get_users(aid="2002").users), 41)
    equal(api.get_current_user().uid, "5001")
    api.delete_user(created.uid)
    refused(NotFoundException, api.get_user, created.uid)


def user_events():
    api = UserEventsApi(client)
    first = api.get_user_events(use_all_permitted_aids=True)
    assert first.links.next.href
    everything = list(api.get_user_events_paginated(use_all_permitted_aids=True))
    # The history of the seed, and what the functions above changed.
    equal(len(everything), 121 + 9)
    equal(everything[0].event, "User deleted.")
    equal(everything[0].resources[0].name, "Åsa Yamada")
    now = datetime.now(timezone.utc)
    recent = api.get_user_events(start_date=now - timedelta(hours=1), end_date=now + timedelta(hours=1))
    equal(len(recent.audit_events), 9)
    equal(len(api.get_user_events(window="1h").audit_events), 9)
    refused(BadRequestException, api.get_user_events, window="1h", start_date=now)
    refused(BadRequestException, api.get_user_events, cursor="not-one")
    refused(ForbiddenException, UserEventsApi(auditor).get_user_events, aid="2006")


for part in (account_groups, roles, users, user_events):
    part()
print("all is well")
