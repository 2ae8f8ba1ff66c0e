"""The screen on real glass: pictures, sizes, touches; every test of Kivy is marked `screen`."""
