"""The notebooks under the packages that Google publishes for Colab, without Colab."""
