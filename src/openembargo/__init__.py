"""openembargo: may this deal go ahead, on this day, and under which paragraph?"""

__version__ = "0.1.0"
