"""Speed as ratios within one run; docs/performance.md explains the results."""
