"""The driver for S3 stores, against moto's server: versions and markers, locks, and whatever a store answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.session import Session

from dsr_desk.drivers.s3 import S3Driver
from dsr_desk.model.catalog import System
from tests import servers
from tests.drivers.contract import COLUMNS, PEOPLE, OneByOneContract, Place, people


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a store on loopback."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=servers.free_port(), verbose=False)
    running.start()
    try:
        yield "http://{}:{}".format(*running.get_host_and_port())
    finally:
        running.stop()


def client(endpoint: str) -> Any:
    return Session().create_client(
        "s3", region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id="reader", aws_secret_access_key="s"
    )


class S3Place(Place):
    """A bucket with a JSON object a person, below a prefix."""

    writes = False

    def __init__(self, endpoint: str, folder: Path, versions: bool) -> None:
        self.folder, self.client, self.bucket = folder, client(endpoint), f"b-{uuid4().hex}"
        self.client.create_bucket(Bucket=self.bucket)
        if versions:
            self.client.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        listed = people(names={name: f"data.{name}" for name in COLUMNS}, key="key")
        url, options = f"s3://reader@{self.bucket}/shop", {"endpoint": endpoint}
        self.system = System("place", "s3", url=url, region="DE", options=options, collections={"people": listed})
        for row in PEOPLE:
            self.insert(dict(zip(COLUMNS, row, strict=True)))

    def driver(self) -> S3Driver:
        return S3Driver(self.system, self.folder, lambda: "secret-of-the-store")

    def put(self, key: str, content: bytes, **more: Any) -> None:
        self.client.put_object(Bucket=self.bucket, Key=f"shop/{key}", Body=content, **more)

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.put(f"people/{row['id']}.json", json.dumps(row).encode())

    def change(self, row: str, column: str, value: str | None) -> None:
        key = f"people/{row}.json"
        record = json.loads(self.client.get_object(Bucket=self.bucket, Key=f"shop/{key}")["Body"].read())
        self.put(key, json.dumps({**record, column: value}).encode())

    def remove(self, row: str) -> None:
        key = f"shop/people/{row}.json"
        for version in self.versions(key):
            self.client.delete_object(Bucket=self.bucket, Key=key, VersionId=version["VersionId"])

    def versions(self, key: str = "") -> list[dict[str, Any]]:
        page = self.client.list_object_versions(Bucket=self.bucket, Prefix=key)
        return [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]

    def dump(self) -> Any:
        return sorted((v["Key"], v["VersionId"], v["IsLatest"], v.get("ETag", ""), v["LastModified"]) for v in self.versions())


@pytest.fixture(params=["versions", "no versions"])
def place(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[S3Place]:
    made = S3Place(store, tmp_path, request.param == "versions")
    yield made
    made.client.close()


class TestS3(OneByOneContract):
    pass
