"""The single view: who a resident is, where they live and with whom, and who already helps."""
