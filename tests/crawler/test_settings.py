"""The components that are really in effect, so that a new release of Scrapy cannot slip one in."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list

ROOT = Path(__file__).resolve().parent.parent.parent


def effective(name: str) -> list[str]:
    settings = Settings()
    settings.setmodule("crawler.settings")
    return [
        path if isinstance(path, str) else f"{path.__module__}.{path.__qualname__}"
        for path in build_component_list(settings.getwithbase(name))
    ]


def test_downloader_middlewares() -> None:
    assert effective("DOWNLOADER_MIDDLEWARES") == [
        "crawler.middlewares.retry.Retry",
        "crawler.middlewares.redirects.Redirects",
        "scrapy.downloadermiddlewares.stats.DownloaderStats",
    ]


def test_extensions() -> None:
    assert sorted(effective("EXTENSIONS")) == [
        "crawler.extension.CaptureExtension",
        "scrapy.extensions.closespider.CloseSpider",
        "scrapy.extensions.corestats.CoreStats",
        "scrapy.extensions.feedexport.FeedExporter",
        "scrapy.extensions.logcount.LogCount",
        "scrapy.extensions.logstats.LogStats",
        "scrapy.extensions.memdebug.MemoryDebugger",
        "scrapy.extensions.memusage.MemoryUsage",
    ]


def test_spider_middlewares() -> None:
    assert sorted(effective("SPIDER_MIDDLEWARES")) == [
        "scrapy.spidermiddlewares.depth.DepthMiddleware",
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",
        "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware",
        "scrapy.spidermiddlewares.referer.RefererMiddleware",
        "scrapy.spidermiddlewares.start.StartSpiderMiddleware",
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware",
    ]


def test_only_http_is_reachable_and_only_through_capture() -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    handlers = {key: value for key, value in settings.getwithbase("DOWNLOAD_HANDLERS").items() if value is not None}
    assert handlers == dict.fromkeys(("http", "https"), "crawler.capture.handler.CaptureHandler")


def test_traps_are_closed() -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    for name in ("REMOTE_CONTROL_ENABLED", "TELNETCONSOLE_ENABLED", "COOKIES_ENABLED", "AUTOTHROTTLE_ENABLED"):
        assert settings.getbool(name) is False
    assert settings.getfloat("DOWNLOAD_DELAY") == 0, "the gate paces; two who pace would each be half in charge"
    assert settings.getbool("HTTPERROR_ALLOW_ALL")
    assert settings["USER_AGENT"].startswith("Mozilla/5.0 (compatible; gongkai/")
    assert "+http" in settings["USER_AGENT"]


def test_every_setting_is_one_that_scrapy_knows() -> None:
    known = vars(import_module("scrapy.settings.default_settings"))
    ours = [name for name in vars(import_module("crawler.settings")) if name.isupper()]
    assert [name for name in ours if name not in known and not name.startswith("AGAIN_")] == []


def test_the_project_file_names_these_settings() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "settings", "--get", "BOT_NAME"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "gongkai"
