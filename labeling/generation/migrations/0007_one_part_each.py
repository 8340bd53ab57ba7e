"""Every run so far had one generator: that is its one part, and made all of its candidates."""

from typing import ClassVar

from django.db import migrations

PARTS = """
INSERT INTO generation_runpart
  (run_id, position, generator_id, per_prompt, first_sample, seed, temperature, together)
SELECT id, 0, generator_id, per_prompt, 0, seed, NULL, false FROM generation_generationrun
"""
CANDIDATES = """
UPDATE generation_candidate SET part_id = (
  SELECT part.id FROM generation_runpart part WHERE part.run_id = generation_candidate.run_id
) WHERE run_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("generation", "0006_run_parts")]

    operations: ClassVar = [
        migrations.RunSQL(PARTS, "DELETE FROM generation_runpart"),
        migrations.RunSQL(CANDIDATES, "UPDATE generation_candidate SET part_id = NULL"),
    ]
