"""Measures the product against what tutorials do, under the same load, in the same run.

    servers     start either server, wait until it answers, stop it
    wire        Engine.IO 4 and Socket.IO 5 packets in RFC 6455 frames, nothing but bytes
    client      one lean websocket client on asyncio
    load        many of them, and what came of it: LoadResult
    health      asks /healthz beside the load
    accounting  CPU seconds and memory of a process group, from the kernel
    browser     the system's Chromium with a clip as its camera
    statistics  percentiles, slope, fairness
    cases       what is measured: one module a question
    report      markdown tables, the generated blocks of docs/performance.md, plots

``python -m bench`` runs the cases; ``python -m bench.load`` is the load generator alone;
``python -m bench.page`` streams from a real browser.
"""
