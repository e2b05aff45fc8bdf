import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

// Neither Docker nor Kubernetes is there to run these files; what is checked is that they hold together.
const here = (name: string) => new URL(name, import.meta.url);
const guide = readFileSync(here("../../docs/jupyter.md"), "utf8");
const versions = guide.slice(guide.indexOf("## Versions"));

function documentsOf(name: string): unknown[] {
  const documents = parseAllDocuments(readFileSync(here(name), "utf8"));
  return documents.map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    return document.toJS() as unknown;
  });
}

const labels = z.record(z.string(), z.string());
const port = z.number().int().min(1).max(65_535);

test("the compose file starts the gateway that is tested, for this machine alone", () => {
  const service = z.object({
    build: z.object({ dockerfile_inline: z.string() }),
    command: z.array(z.string()),
    environment: labels,
    ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)),
    networks: z.array(z.string()),
  });
  const file = z.object({
    services: z.object({ gateway: service }),
    networks: z.record(z.string(), z.unknown()),
  });
  const [document, ...others] = documentsOf("compose.yaml").map((each) => file.parse(each));
  expect(others).toEqual([]);
  const gateway = file.parse(document).services.gateway;
  expect(Object.keys(document?.networks ?? {})).toEqual(gateway.networks);
  expect(gateway.environment["KG_AUTH_TOKEN"]).toMatch(/^\$\{\w+:\?/);
  const { dockerfile_inline: dockerfile } = gateway.build;
  const [, copied = ""] = /^COPY (?:--\S+ )?(\S+) /m.exec(dockerfile) ?? [];
  expect(existsSync(here(copied))).toBe(true);
  for (const [distribution, name] of [
    ["jupyter-kernel-gateway", "Kernel Gateway"],
    ["ipykernel", "ipykernel"],
  ]) {
    const [, version] = new RegExp(`${distribution}==(\\S+)`).exec(dockerfile) ?? [];
    expect(versions).toContain(`${name} ${version}`);
  }
});

test("the parts of the manifest find each other, and it has the gateway that is tested", () => {
  const resource = z.object({
    apiVersion: z.string().regex(/^([a-z.0-9]+\/)?v1$/),
    kind: z.string(),
    metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  });
  const documents = documentsOf("enterprise-gateway.yaml");
  const resources = new Map(documents.map((each) => [resource.parse(each).kind, each]));
  expect([...resources.keys()].sort()).toEqual([
    "Deployment",
    "Namespace",
    "NetworkPolicy",
    "Role",
    "RoleBinding",
    "Service",
    "ServiceAccount",
  ]);
  const names = new Map<string, string>();
  const namespace = resource.parse(resources.get("Namespace")).metadata.name;
  for (const each of documents.map((document) => resource.parse(document))) {
    names.set(each.kind, each.metadata.name);
    if (each.kind !== "Namespace") expect(each.metadata.namespace).toBe(namespace);
  }

  const reference = z.object({ kind: z.string(), name: z.string() });
  const binding = z
    .object({ subjects: z.array(reference), roleRef: reference })
    .parse(resources.get("RoleBinding"));
  for (const { kind, name } of [...binding.subjects, binding.roleRef]) {
    expect(names.get(kind)).toBe(name);
  }

  const container = z.object({
    image: z.string(),
    ports: z.array(z.object({ containerPort: port })),
    env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
  });
  const { template, selector } = z
    .object({
      spec: z.object({
        selector: z.object({ matchLabels: labels }),
        template: z.object({
          metadata: z.object({ labels }),
          spec: z.object({ serviceAccountName: z.string(), containers: z.tuple([container]) }),
        }),
      }),
    })
    .parse(resources.get("Deployment")).spec;
  const [gateway] = template.spec.containers;
  expect(template.spec.serviceAccountName).toBe(names.get("ServiceAccount"));
  expect(template.metadata.labels).toEqual(selector.matchLabels);
  const [, version] = gateway.image.split(":");
  expect(versions).toContain(`Enterprise Gateway ${version}`);
  const variables = new Map(gateway.env.map(({ name, value }) => [name, value]));
  expect(variables.get("EG_NAMESPACE")).toBe(namespace);
  expect(variables.has("EG_AUTH_TOKEN") && variables.get("EG_AUTH_TOKEN")).toBeUndefined();

  const ports = gateway.ports.map(({ containerPort }) => containerPort);
  const service = z
    .object({ spec: z.object({ selector: labels, ports: z.array(z.object({ port })) }) })
    .parse(resources.get("Service")).spec;
  expect(service.selector).toEqual(template.metadata.labels);
  expect(service.ports.map((each) => each.port)).toEqual(ports);

  const peer = z.object({ podSelector: z.object({ matchLabels: labels }) });
  const policy = z
    .object({
      spec: z.object({
        policyTypes: z.tuple([z.literal("Ingress"), z.literal("Egress")]),
        ingress: z.array(z.object({ from: z.array(peer) })),
        egress: z.array(z.object({ to: z.array(peer), ports: z.array(z.object({ port })) })),
      }),
    })
    .parse(resources.get("NetworkPolicy")).spec;
  const allowed = [
    ...policy.ingress.flatMap(({ from }) => from),
    ...policy.egress.flatMap(({ to }) => to),
  ];
  for (const { podSelector } of allowed) {
    expect(podSelector.matchLabels).toEqual(template.metadata.labels);
  }
  for (const { port: each } of policy.egress.flatMap((rule) => rule.ports)) {
    expect(ports).toContain(each);
  }
});
