from asyncio import (  # the "loop"
    run,
    Queue as Q,
)
import asyncio.events; import os
