"""What the drawn webcam scene is made of: brushes, people, a room."""
