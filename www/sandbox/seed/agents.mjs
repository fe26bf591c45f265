/** Enterprise agents: invented, at addresses that are reserved for examples. */

const agent = (agentId, agentName, location, countryId, more = {}) => ({
  agentId,
  agentName,
  agentType: "enterprise",
  location,
  countryId,
  enabled: true,
  network: "Example Networks (AS 64500)",
  prefix: "198.51.100.0/24",
  verifySslCertificates: true,
  hostname: `${agentName}.example.com`,
  agentState: "online",
  ...more,
});

export const agents = [
  agent("9001", "hq-core-1", "Springfield", "US"),
  agent("9002", "hq-core-2", "Springfield", "US", { agentState: "offline" }),
  agent("9003", "europe-cluster", "Köln", "DE", { agentType: "enterprise-cluster" }),
  agent("9004", "asia-edge", "東京", "JP"),
  agent("9005", "lab-bench", "Test Lab", "US", { enabled: false, agentState: "disabled" }),
  agent("9006", "americas-edge", "São Paulo", "BR"),
];
