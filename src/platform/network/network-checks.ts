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
  /** Whom this machine must reach; a box its clients unless told otherwise. */
  readonly peer?: "clients" | "box";
  /** Whether all works without them; asked while they are. Never rejects. */
  readonly worksWithout?: () => Promise<boolean>;
}

/** The checks that all others need, from the cable to the name server. */
export function networkChecks(probes: NetworkProbes, needs: NameNeeds): Check[] {
  const { name, needed, peer = "clients", worksWithout = async () => false } = needs;
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
      look: async () => {
        const routes = await probes.routes();
        const isCutOff = routes !== null && routes.unreachableServers.length > 0;
        return judgeRoute(routes, { peer, worksWithoutNames: isCutOff && (await worksWithout()) });
      },
    },
    {
      id: "name-servers",
      title: "Name servers",
      needs: ["route"],
      look: async () => {
        const without = worksWithout();
        const servers = await probes.nameServers(name);
        const judged = judgeNameServers(servers, needed);
        if (judged.result !== "wrong" || !(await without)) return judged;
        return judgeNameServers(servers, needed, { worksWithoutNames: true });
      },
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
