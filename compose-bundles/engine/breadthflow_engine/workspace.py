"""What the engine knows of a workspace's folder, which the workbench owns."""

INDEX_FILE = "index.db"
"""Its name in `main/runtime/workspace.ts`; a folder that has it is a workspace."""

CACHE_FOLDER = "cache"
"""Where its finished artifacts are, as `STEP/KEY`; its name there too."""

VARIABLE = "BREADTHFLOW_WORKSPACE"
"""Names the folder of the workspace that a process was started for."""
