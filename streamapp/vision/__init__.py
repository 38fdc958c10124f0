"""Face detection as a library: numpy and OpenCV, no web, no clock, no I/O.

A webcam, frame by frame::

    engines = Engines()                          # classifiers, one set per thread
    pipeline = LivePipeline(LiveSettings())      # memory of one client
    for time, jpeg in webcam:
        result = pipeline.process(engines, jpeg, time)
        print(result.count, [(face.id, face.box) for face in result.faces])

A photo::

    faces = detect_still(engines, decode_image(data))
    picture = annotate(image, faces)

The names are imported from the modules they live in.
"""
