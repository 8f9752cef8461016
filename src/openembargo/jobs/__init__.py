"""The jobs: one verb a file. Every door calls the same jobs."""
