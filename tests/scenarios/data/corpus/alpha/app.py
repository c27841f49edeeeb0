"""import nothing, as this is text"""
import os, json as j
from asyncio import run, gather
from . import helper

try:
    import uvloop
except ImportError:
    pass

loader = __import__("asyncio.events")
