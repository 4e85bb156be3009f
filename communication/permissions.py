"""What may be done with threads. To read one, a person must see the object that it is about."""

READ_THREAD = "communication.read_thread"
WRITE_THREAD = "communication.write_thread"
