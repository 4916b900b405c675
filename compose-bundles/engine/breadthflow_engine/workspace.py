"""What the engine knows of a workspace's folder, which the workbench owns."""

INDEX_FILE = "index.db"
"""Its name in `main/runtime/workspace.ts`; a folder that has it is a workspace."""
