"""The network of the lab that reads drawn digits: its pictures, what it was trained on, its weights."""
