"""What the commands say about an article, its history and what is new: on a terminal and for programs."""
