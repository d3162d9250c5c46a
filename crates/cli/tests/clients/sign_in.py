"""MSAL and azure-identity over https: a client by its secret and by its key, a person by a code in the
browser and by a device code, and how long each goes on; then Graph with what they got."""
import asyncio
import hashlib
import html
import os
import re
import ssl
import sys
import threading
import time
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import msal
import requests
from azure.identity import ClientSecretCredential
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph_core import GraphClientFactory

URL = os.environ["ENLIST_URL"].rstrip("/")
CA = os.environ["CA"]
TENANT = "northwind.example"
SCOPES = ["https://graph.microsoft.com/.default"]
PERSON, PASSWORD = os.environ["PERSON"], os.environ["PASSWORD"]


def read(token):
    """Whether Graph answers to a token."""
    answer = requests.get(
        URL + "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities",
        headers={"Authorization": "Bearer " + token["access_token"]},
        verify=CA,
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def confidential(credential, **more):
    more.setdefault("authority", f"{URL}/{TENANT}")
    return msal.ConfidentialClientApplication(
        os.environ["CLIENT_ID"], client_credential=credential, verify=CA, **more
    )


def good(token):
    assert "access_token" in token, token
    return token


def by_secret():
    secret = os.environ["CLIENT_SECRET"]
    for more in (
        {"instance_discovery": False},
        {"instance_discovery": f"{URL}/common/discovery/instance"},
        {"authority": None, "oidc_authority": f"{URL}/{os.environ['CUSTOMER']}/v2.0"},
    ):
        app = confidential(secret, **more)
        read(good(app.acquire_token_for_client(SCOPES)))
    refused = confidential("wrong", instance_discovery=False).acquire_token_for_client(SCOPES)
    assert (refused["error"], refused["error_codes"]) == ("invalid_client", [7000215]), refused


def by_key():
    with open(os.environ["KEY"], encoding="ascii") as key:
        private = key.read()
    with open(os.environ["CERTIFICATE"], encoding="ascii") as file:
        certificate = file.read()
    thumbprint = hashlib.sha1(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()
    for credential in (
        {"private_key": private, "thumbprint": thumbprint},
        {"private_key": private, "public_certificate": certificate},
    ):
        app = confidential(credential, instance_discovery=False)
        read(good(app.acquire_token_for_client(SCOPES)))


class Browser(requests.Session):
    """A person at the portal."""

    def __init__(self):
        super().__init__()
        self.verify = CA
        self.form("/sign-in", email=PERSON, password=PASSWORD)

    def form(self, path, **fields):
        page = self.get(URL + path, timeout=60)
        return self.send_form(page, **fields)

    def send_form(self, page, **fields):
        """Sends the form of a page that has these fields, with what is hidden in it."""
        forms = re.findall(r"<form[^>]*>.*?</form>", page.text, re.S)
        form = next(one for one in forms if all(f'name="{name}"' in one for name in fields))
        hidden = {
            html.unescape(name): html.unescape(value)
            for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', form)
            if name not in fields
        }
        action = re.search(r'action="([^"]*)"', form)
        target = urljoin(page.url, html.unescape(action[1]) if action else "")
        answer = self.post(target, data={**hidden, **fields}, allow_redirects=False, timeout=60)
        assert answer.status_code in (200, 303), answer.text
        return answer


def public():
    return msal.PublicClientApplication(
        os.environ["PUBLIC_ID"], authority=f"{URL}/{TENANT}", instance_discovery=False, verify=CA
    )


def by_device_code():
    app = public()
    flow = app.initiate_device_flow(SCOPES)
    assert "user_code" in flow, flow
    browser = Browser()

    def approve():
        time.sleep(1)
        page = browser.get(f"{flow['verification_uri']}?code={flow['user_code']}", timeout=60)
        browser.send_form(page, decision="approve")

    threading.Thread(target=approve).start()
    token = good(app.acquire_token_by_device_flow(flow))
    assert token["id_token_claims"]["preferred_username"] == PERSON, token["id_token_claims"]
    read(token)
    (account,) = app.get_accounts()
    again = app.acquire_token_silent(SCOPES, account, force_refresh=True)
    read(good(again))
    assert again["access_token"] != token["access_token"]


def by_code():
    app = public()
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri="http://localhost:7777", response_mode="query")
    browser = Browser()
    page = browser.get(flow["auth_uri"], timeout=60)
    answer = browser.send_form(page, decision="approve")
    back = urlsplit(answer.headers["Location"])
    assert back.netloc == "localhost:7777", back
    given = dict(parse_qsl(back.query))
    read(good(app.acquire_token_by_auth_code_flow(flow, given)))


async def by_azure_identity():
    credential = ClientSecretCredential(
        TENANT,
        os.environ["CLIENT_ID"],
        os.environ["CLIENT_SECRET"],
        authority=URL,
        disable_instance_discovery=True,
        connection_verify=CA,
    )
    provider = AzureIdentityAuthenticationProvider(credential, scopes=SCOPES)
    client = GraphClientFactory.create_with_default_middleware(client=httpx.AsyncClient(verify=CA))
    adapter = GraphRequestAdapter(provider, client=client)
    adapter.base_url = URL + "/v1.0"
    graph = GraphServiceClient(request_adapter=adapter)
    page = await graph.device_management.windows_autopilot_device_identities.get()
    assert page.value == [], page


for part in (by_secret, by_key, by_device_code, by_code):
    print(part.__name__, file=sys.stderr)
    part()
asyncio.run(by_azure_identity())
