"""Reads comments."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CommentForm(forms.Form):
    text = forms.CharField(max_length=4000, label=_("What do you want to say?"), widget=forms.Textarea(attrs={"rows": 3}))
