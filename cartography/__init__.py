"""Where the cards of a strategy map stand and where its arrows run. No Django, no colours, no words of scorecards."""
