"use client";

import dynamic from "next/dynamic";

// The library of the charts comes after the page. On the server it would write style attributes, which the policy refuses.
export const ThroughputChart = dynamic(() => import("./throughput-chart.tsx").then((file) => file.ThroughputChart), {
  ssr: false,
});
export const LineChart = dynamic(() => import("./line-chart.tsx").then((file) => file.LineChart), { ssr: false });
