// The Graph client of npm as a customer's scripts use it: pages, filters, a change, a batch.
const path = require("node:path");
const { createRequire } = require("node:module");
const assert = require("node:assert");
const installed = createRequire(path.join(process.env.ENLIST_TEST_CLIENTS, "package.json"));
const { Client, MiddlewareFactory, BatchRequestContent, BatchResponseContent } =
  installed("@microsoft/microsoft-graph-client");

const url = process.env.ENLIST_URL.replace(/\/$/, "") + "/";

async function token() {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: process.env.CLIENT_ID,
    client_secret: process.env.CLIENT_SECRET,
    scope: "https://graph.microsoft.com/.default",
  });
  const answer = await fetch(url + "organizations/oauth2/v2.0/token", { method: "POST", body: form });
  assert.equal(answer.status, 200);
  return (await answer.json()).access_token;
}

// Its own authentication sends no token over plain http: this takes its place.
class Bearer {
  constructor(value) { this.value = value; }
  async execute(context) {
    context.options.headers = { ...context.options.headers, Authorization: `Bearer ${this.value}` };
    return this.next.execute(context);
  }
  setNext(next) { this.next = next; }
}

let step = "sign in";

async function main() {
  const chain = MiddlewareFactory.getDefaultMiddlewareChain({ getAccessToken: async () => "" });
  const client = Client.initWithMiddleware({
    baseUrl: url,
    defaultVersion: "beta",
    middleware: [new Bearer(await token()), ...chain.slice(1)],
  });
  const devices = "/deviceManagement/windowsAutopilotDeviceIdentities";

  step = "page";
  const seen = [];
  // Its page iterator takes https links alone: over plain http the links are followed by their path.
  for (let page = await client.api(devices).top(50).get(); page; ) {
    seen.push(...page.value.map((device) => device.id));
    const next = page["@odata.nextLink"];
    page = next && (await client.api(next.slice(`${url}beta`.length)).get());
  }
  assert.equal(new Set(seen).size, 250);

  step = "find";
  const one = (await client.api(devices).top(1).get()).value[0];
  const found = await client.api(devices).filter(`contains(serialNumber,'${one.serialNumber}')`).count(true).get();
  assert.deepEqual(found.value.map((device) => device.id), [one.id]);
  assert.equal(found["@odata.count"], 1);
  step = "change";
  await client.api(`${devices}/${one.id}/updateDeviceProperties`).post({ groupTag: "Microsoft365Managed_Kiosk" });
  const shown = await client.api(`${devices}/${one.id}`).expand("deploymentProfile,intendedDeploymentProfile").get();
  assert.equal(shown.groupTag, "Microsoft365Managed_Kiosk");
  assert.match(shown.deploymentProfileAssignmentStatus, /^assigned/);

  step = "batch";
  const content = new BatchRequestContent([
    { id: "1", request: new Request(`http://localhost${devices}/${one.id}`) },
    { id: "2", request: new Request(`http://localhost/deviceManagement/windowsAutopilotDeploymentProfiles`), dependsOn: ["1"] },
  ]);
  const answered = new BatchResponseContent(await client.api("/$batch").post(await content.getContent()));
  for (const id of ["1", "2"]) assert.equal(answered.getResponseById(id).status, 200);

  step = "delete";
  await client.api(`${devices}/${one.id}`).delete();
  await assert.rejects(client.api(`${devices}/${one.id}`).get(), (error) => error.statusCode === 404);
}

main().catch((error) => { console.error(step, error); process.exit(1); });
