# Thin sugar over scripts/dev.py, which works where there is no make.
.PHONY: setup run demo test check bench lock
setup run demo test check bench lock:
	@python3 scripts/dev.py $@ $(ARGS)
