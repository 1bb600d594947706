"""A trained model lies in one guarded file and gives the sentiment of a text or a file of texts."""
