"""How fast candidates are made through the whole product, beside bare loops over the same model."""
