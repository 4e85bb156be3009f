"""What happened (audit) and what is still to be done (outbox). It knows no domain words."""
