import { FakeDns, FakeRegistrar } from "../support/fake-registrar.ts";
import { itIsRegistrar, type RegistrarRig } from "./dns-registrar-contract.ts";

describe("the registrar in memory", () => {
  let rig: RegistrarRig;

  beforeEach(() => {
    const dns = new FakeDns();
    rig = {
      registrar: (coexist) => new FakeRegistrar(dns, coexist),
      srv: async (name) => dns.srv.get(name) ?? [],
      addresses: async (name) => dns.addresses.get(name) ?? [],
      addSrv: async (name, record) => {
        dns.srv.set(name, [...(dns.srv.get(name) ?? []), record]);
      },
      addAddress: async (name, address) => void dns.addresses.set(name, [address]),
    };
  });

  itIsRegistrar(() => rig);
});
