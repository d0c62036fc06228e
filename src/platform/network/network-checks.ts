import {
  judgeAddress,
  judgeLink,
  judgeNameServers,
  judgeRoute,
  judgeUses,
} from "../../domain/doctor/network-judgements.ts";
import type { Check } from "../../domain/doctor/run-checks.ts";
import type { NetworkProbes } from "../../ports/network-probes.ts";

export interface NameNeeds {
  /** What the name servers are asked for; any answer will do. */
  readonly name: string;
  /** Whether anything is to be looked up by them. */
  readonly needed: boolean;
}

/** The checks that all others need, from the cable to the name server. */
export function networkChecks(probes: NetworkProbes, { name, needed }: NameNeeds): Check[] {
  return [
    {
      id: "link",
      title: "Network link",
      needs: [],
      look: async () => judgeLink(await probes.links()),
    },
    {
      id: "address",
      title: "Address",
      needs: ["link"],
      look: async () => judgeAddress(await probes.addresses()),
    },
    {
      id: "route",
      title: "Default route",
      needs: ["address"],
      look: async () => judgeRoute(await probes.routes()),
    },
    {
      id: "name-servers",
      title: "Name servers",
      needs: ["route"],
      look: async () => judgeNameServers(await probes.nameServers(name), needed),
    },
  ];
}

/** Whether another machine on the link has the same address: this takes two seconds. */
export function addressUseCheck(probes: NetworkProbes): Check {
  return {
    id: "address-use",
    title: "Address is ours alone",
    needs: ["address"],
    look: async () => judgeUses(await probes.uses(await probes.addresses())),
  };
}
