"use client";

import dynamic from "next/dynamic";

const loadThroughput = () => import("./throughput-chart.tsx").then((file) => file.ThroughputChart);
const loadLines = () => import("./line-chart.tsx").then((file) => file.LineChart);

// The library of the charts comes after the page. On the server it would write style attributes, which the policy refuses.
export const ThroughputChart = dynamic(loadThroughput, { ssr: false });
export const LineChart = dynamic(loadLines, { ssr: false });

/** Fetches the code of the charts while their numbers are on the way: one after the other costs a page its slowest part twice. */
export const preloadCharts = () => void Promise.all([loadThroughput(), loadLines()]).catch(() => {});
