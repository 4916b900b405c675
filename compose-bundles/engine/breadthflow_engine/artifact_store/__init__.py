"""The lasting copy of finished artifacts, in an object store beside the workspace's cache.

It is a setting of the process, by variables of its environment: no parameter, content key or
manifest knows of it, and a step that is brought back is the same artifact, byte for byte.
"""

from breadthflow_engine.artifact_store.catching_up import keep_all
from breadthflow_engine.artifact_store.connection import configured_store
from breadthflow_engine.artifact_store.keeping import Keeping
from breadthflow_engine.artifact_store.store import ArtifactStore

__all__ = ["ArtifactStore", "Keeping", "configured_store", "keep_all"]
