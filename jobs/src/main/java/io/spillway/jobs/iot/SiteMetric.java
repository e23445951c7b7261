package io.spillway.jobs.iot;

/** What the windows are kept by: one metric of one site, over all its sensors. */
public record SiteMetric(String site, String metric) {}
