"""Shapes of communication."""

from communication.models.digest import Digest, Subscription
from communication.models.notice import Notice
from communication.models.thread import Comment, Thread

__all__ = ["Comment", "Digest", "Notice", "Subscription", "Thread"]
