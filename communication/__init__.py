"""People talk about objects and are told what concerns them: threads, notices, the inbox. Knows no scorecard: what an object is, who may
see it and what is left to do are asked through the names in the settings."""
