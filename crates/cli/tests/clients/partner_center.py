"""The generated Python client of the Partner Center API: a batch, its devices, a policy, and back."""
import json
import os
import sys
import time
import urllib.parse
import urllib.request

from microsoft.store.partnercenterservices import MicrosoftPartnerStoreApis, models
from msrest.authentication import BasicTokenAuthentication

URL = os.environ["ENLIST_URL"].rstrip("/")
CUSTOMER = os.environ["CUSTOMER"]

form = {
    "grant_type": "client_credentials",
    "client_id": os.environ["CLIENT_ID"],
    "client_secret": os.environ["CLIENT_SECRET"],
    "resource": "https://graph.windows.net",
}
with urllib.request.urlopen(
    URL + "/contoso.example/oauth2/token", urllib.parse.urlencode(form).encode()
) as answer:
    token = json.load(answer)

api = MicrosoftPartnerStoreApis(BasicTokenAuthentication(token), base_url=URL)
Device = models.MicrosoftPartnerSdkContractsV1DeviceDeploymentDevice
Policy = models.MicrosoftPartnerSdkContractsV1DeviceDeploymentConfigurationPolicy


def status(answer, expected):
    told = answer.response.status_code
    assert told == expected, f"{told} instead of {expected}: {answer.response.text}"
    return answer.response


def finished(answer):
    """Polls what a 202 leads to until it is final."""
    tracking = status(answer, 202).headers["Location"].rsplit("/", 1)[1]
    for _ in range(200):
        raw = api.getvversioncustomerscustomer.id3(CUSTOMER, tracking, "1", raw=True)
        known = status(raw, 200).json()
        if known["status"].startswith("finished"):
            return known
        time.sleep(0.05)
    sys.exit(f"{tracking} does not end")


def device(serial):
    return Device(
        serial_number=serial, oem_manufacturer_name="Contoso", model_name="Book 13"
    )


TAG = "Microsoft365Managed_Standard"
batches = api.postvversioncustomerscustomer
done = finished(
    batches.iddevice_batches(CUSTOMER, "1", batch_id=TAG, devices=[device("0042")], raw=True)
)
assert done["status"] == "finished", done
assert done["devicesStatus"][0]["serialNumber"] == "0042", done
done = finished(
    batches.iddevices(CUSTOMER, TAG, [device("0043"), device("0042")], "1", raw=True)
)
# What is there already, in the same batch, is as it was asked for.
assert [row["status"] for row in done["devicesStatus"]] == ["finished", "finished"], done
assert not any(row.get("errorCode") for row in done["devicesStatus"]), done

listed = api.getvversioncustomerscustomer.iddevice_batches(CUSTOMER, "1", raw=True)
(batch,) = status(listed, 200).json()["items"]
assert (batch["id"], batch["devicesCount"]) == (TAG, 2), batch

policy = Policy(name="Quiet", category="o_o_b_e", policy_settings=["skip_eula"])
made = batches.idpolicies(CUSTOMER, policy, "1")
assert made.policy_settings == ["skip_eula"], made

customers = api.getvversioncustomersfilterfilter.value(
    "1", filter='{"Field":"CompanyName","Value":"north","Operator":"starts_with"}', size=40, raw=True
)
(customer,) = status(customers, 200).json()["items"]
assert customer["id"] == CUSTOMER, customer

devices = urllib.request.Request(
    f"{URL}/v1/customers/{CUSTOMER}/deviceBatches/{TAG}/devices",
    headers={"Authorization": "Bearer " + token["access_token"]},
)
with urllib.request.urlopen(devices) as answer:
    devices = json.load(answer)["items"]
assert sorted(known["serialNumber"] for known in devices) == ["0042", "0043"], devices

# Its models can't say which policy; a device that names none keeps what it has and says so.
changed = api.patchvversioncustomerscustomer.id_device_policy_updates(
    CUSTOMER, "1", devices=[Device(id=devices[0]["id"])], raw=True
)
changed = finished(changed)
assert changed["devicesStatus"][0]["errorCode"] == "809", changed

for known in devices:
    gone = api.deletevversioncustomerscustomer.id3(CUSTOMER, TAG, known["id"], "1", raw=True)
    status(gone, 204)
listed = api.getvversioncustomerscustomer.iddevice_batches(CUSTOMER, "1", raw=True)
assert status(listed, 200).json()["items"][0]["devicesCount"] == 0
