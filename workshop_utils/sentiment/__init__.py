"""Text in, sentiment out: models, one saved file and its guard, calibration, files of texts."""
