"""The Graph SDKs of Python as a customer's administrator uses them: register by hash, poll, find,
re-tag, page through 250 devices, a batch, delete; then the beta half."""
import asyncio
import base64
import csv
import json
import os
import sys
import time
import urllib.parse
import urllib.request

from azure.core.credentials import AccessToken
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.device_management.imported_windows_autopilot_device_identities.import_.import_post_request_body import (
    ImportPostRequestBody,
)
from msgraph.generated.device_management.windows_autopilot_device_identities.item.update_device_properties.update_device_properties_post_request_body import (
    UpdateDevicePropertiesPostRequestBody,
)
from msgraph.generated.device_management.windows_autopilot_device_identities.windows_autopilot_device_identities_request_builder import (
    WindowsAutopilotDeviceIdentitiesRequestBuilder as Devices,
)
from msgraph.generated.models.imported_windows_autopilot_device_identity import (
    ImportedWindowsAutopilotDeviceIdentity as Imported,
)
from msgraph.generated.models.imported_windows_autopilot_device_identity_import_status import (
    ImportedWindowsAutopilotDeviceIdentityImportStatus as Status,
)
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph_beta import GraphRequestAdapter as BetaAdapter
from msgraph_beta import GraphServiceClient as BetaClient
from msgraph_beta.generated.device_management.imported_device_identities.import_device_identity_list.import_device_identity_list_post_request_body import (
    ImportDeviceIdentityListPostRequestBody,
)
from msgraph_beta.generated.device_management.windows_autopilot_deployment_profiles.item.assign.assign_post_request_body import (
    AssignPostRequestBody,
)
from msgraph_beta.generated.models.azure_a_d_windows_autopilot_deployment_profile import (
    AzureADWindowsAutopilotDeploymentProfile,
)
from msgraph_beta.generated.models.imported_device_identity import ImportedDeviceIdentity
from msgraph_beta.generated.models.imported_device_identity_type import ImportedDeviceIdentityType
from msgraph_beta.generated.models.out_of_box_experience_settings import OutOfBoxExperienceSettings
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.page_iterator import PageIterator

URL = os.environ["ENLIST_URL"].rstrip("/")
TAG = "Microsoft365Managed_Standard"

form = {
    "grant_type": "client_credentials",
    "client_id": os.environ["CLIENT_ID"],
    "client_secret": os.environ["CLIENT_SECRET"],
    "scope": "https://graph.microsoft.com/.default",
}
with urllib.request.urlopen(
    URL + "/organizations/oauth2/v2.0/token", urllib.parse.urlencode(form).encode()
) as answer:
    TOKEN = json.load(answer)["access_token"]


class Given:
    def get_token(self, *scopes, **more):
        return AccessToken(TOKEN, int(time.time()) + 3600)


def client_of(adapter_class, client_class, version):
    provider = AzureIdentityAuthenticationProvider(
        Given(), scopes=["https://graph.microsoft.com/.default"]
    )
    adapter = adapter_class(provider)
    adapter.base_url = f"{URL}/{version}"
    return client_class(request_adapter=adapter)


graph = client_of(GraphRequestAdapter, GraphServiceClient, "v1.0")
beta = client_of(BetaAdapter, BetaClient, "beta")

with open(os.environ["DEVICES"], newline="", encoding="ascii") as file:
    ROWS = list(csv.DictReader(file))


def imported(row, tag=""):
    return Imported(
        serial_number=row["Device Serial Number"],
        hardware_identifier=base64.b64decode(row["Hardware Hash"]),
        group_tag=tag,
    )


def query(**parameters):
    return RequestConfiguration(
        query_parameters=Devices.WindowsAutopilotDeviceIdentitiesRequestBuilderGetQueryParameters(
            **parameters
        )
    )


async def finished(identity):
    for _ in range(200):
        known = await imports.by_imported_windows_autopilot_device_identity_id(identity).get()
        if known.state.device_import_status != Status.Unknown:
            return known
        await asyncio.sleep(0.1)
    sys.exit(f"{identity} does not end")


imports = graph.device_management.imported_windows_autopilot_device_identities
devices = graph.device_management.windows_autopilot_device_identities


async def one_device():
    first = ROWS[0]
    made = await imports.post(imported(first, TAG))
    assert made.state.device_import_status == Status.Unknown, made.state
    done = await finished(made.id)
    assert done.state.device_import_status == Status.Complete, done.state
    device = devices.by_windows_autopilot_device_identity_id(done.state.device_registration_id)
    known = await device.get()
    assert (known.serial_number, known.group_tag) == (first["Device Serial Number"], TAG), known

    serial = first["Device Serial Number"]
    found = await devices.get(query(filter=f"contains(serialNumber,'{serial}')"))
    assert [one.id for one in found.value] == [known.id], found.value
    await device.update_device_properties.post(
        UpdateDevicePropertiesPostRequestBody(
            group_tag="Ward 7", display_name="FRONT-DESK", user_principal_name="ada@harrow.example"
        )
    )
    known = await device.get()
    told = (known.group_tag, known.display_name, known.user_principal_name)
    assert told == ("Ward 7", "FRONT-DESK", "ada@harrow.example"), told

    again = await imports.post(imported(first))
    done = await finished(again.id)
    assert done.state.device_error_name == "ZtdDeviceAlreadyAssigned", done.state
    for identity in (made.id, again.id):
        await imports.by_imported_windows_autopilot_device_identity_id(identity).delete()
    return known.id


async def many_devices():
    body = ImportPostRequestBody(
        imported_windows_autopilot_device_identities=[imported(row, TAG) for row in ROWS[1:251]]
    )
    made = await imports.import_.post(body)
    assert len(made.value) == 250
    for identity in made.value:
        done = await finished(identity.id)
        assert done.state.device_import_status == Status.Complete, done.state

    page = await devices.get(query(top=100, select=["id", "serialNumber"]))
    assert page.odata_next_link, "a page of 251 leads to the next"
    seen = []
    await PageIterator(page, graph.request_adapter).iterate(
        lambda one: seen.append(one.serial_number) or True
    )
    assert sorted(seen) == sorted(row["Device Serial Number"] for row in ROWS[:251]), len(seen)
    counted = await devices.count.get()
    assert counted == 251, counted


async def batch(device):
    calls = [
        devices.by_windows_autopilot_device_identity_id(device).to_get_request_information(),
        devices.to_get_request_information(query(top=3)),
        devices.by_windows_autopilot_device_identity_id(
            "00000000-0000-0000-0000-000000000000"
        ).to_get_request_information(),
        devices.by_windows_autopilot_device_identity_id(device)
        .update_device_properties.to_post_request_information(
            UpdateDevicePropertiesPostRequestBody(group_tag=TAG)
        ),
    ]
    items = [BatchRequestItem(call) for call in calls]
    content = BatchRequestContent({item.id: item for item in items})
    answers = await graph.batch.post(batch_request_content=content)
    statuses = [answers.get_response_by_id(item.id).status for item in items]
    assert statuses == [200, 200, 404, 204], statuses


async def beta_half(device):
    profiles = beta.device_management.windows_autopilot_deployment_profiles
    made = await profiles.post(
        AzureADWindowsAutopilotDeploymentProfile(
            odata_type="#microsoft.graph.azureADWindowsAutopilotDeploymentProfile",
            display_name="Front desks",
            language="en-US",
            out_of_box_experience_settings=OutOfBoxExperienceSettings(
                hide_e_u_l_a=True, hide_privacy_settings=True
            ),
        )
    )
    profile = profiles.by_windows_autopilot_deployment_profile_id(made.id)
    await profile.assign.post(AssignPostRequestBody(device_ids=[device]))
    assigned = await profile.assigned_devices.get()
    assert [one.id for one in assigned.value] == [device], assigned.value
    known = await profile.get()
    assert known.out_of_box_experience_setting.eula_hidden is True
    listed = await profiles.get()
    assert made.id in [one.id for one in listed.value]

    settings = beta.device_management.windows_autopilot_settings
    await settings.sync.post()
    try:
        await settings.sync.post()
        sys.exit("a second sync within ten minutes is refused")
    except Exception as error:
        assert error.response_status_code in (409, 429), error

    identities = beta.device_management.imported_device_identities
    listed = await identities.import_device_identity_list.post(
        ImportDeviceIdentityListPostRequestBody(
            imported_device_identities=[
                ImportedDeviceIdentity(
                    imported_device_identifier="Contoso,Book 13,0042",
                    imported_device_identity_type=ImportedDeviceIdentityType.ManufacturerModelSerial,
                )
            ],
            overwrite_imported_device_identities=False,
        )
    )
    assert listed.value[0].status is True, listed.value


async def farewell(device):
    one = devices.by_windows_autopilot_device_identity_id(device)
    await one.delete()
    try:
        await one.get()
        sys.exit("the device is gone")
    except ODataError as error:
        assert error.response_status_code == 404, error


async def main():
    device = await one_device()
    await many_devices()
    await batch(device)
    await beta_half(device)
    await farewell(device)


asyncio.run(main())
