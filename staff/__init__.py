"""Staff scorecards: cascade, agreement, talks, what officers write."""
