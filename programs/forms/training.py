"""A training, or something for the library."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from people.forms import DateInput
from programs.forms.questions import role_choices
from programs.models import Module, Program
from programs.papers import LARGEST, download_name, paper_of


class ModuleForm(forms.ModelForm):
    """What it is, for whom, when, and how much it is needed."""

    link = forms.URLField(
        label=_("Web address"),
        help_text=_("For a video, a course or a document. It opens in a new tab."),
        max_length=500,
        assume_scheme="https",
        required=False,
    )

    class Meta:
        model = Module
        fields = [
            "title_nl",
            "title_en",
            "role",
            "need",
            "stage",
            "kind",
            "link",
            "file",
            "body_nl",
            "body_en",
            "minutes",
            "opens_on",
        ]
        widgets = {
            "body_nl": forms.Textarea(attrs={"rows": 12}),
            "body_en": forms.Textarea(attrs={"rows": 12}),
            "opens_on": DateInput(),
            "file": forms.FileInput,
        }
        help_texts = {
            "file": _(
                "At most 5 MB: PDF, PNG, JPEG, or a document of Office or LibreOffice"
                " without macros. Only who takes part can download it."
            ),
            "need": _(
                "Whoever still has to do a required training before matching is not"
                " matched yet."
            ),
            "body_nl": _("Markdown: ## for a heading, - for a list."),
            "opens_on": _("Optional. Before that day participants do not see it."),
        }

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.program = program
        self.fields["role"].choices = role_choices(program)  # type: ignore[attr-defined]

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError(_("A web address begins with https://"))
        return link

    def clean_file(self) -> Any:
        """What was uploaded, if anything; it is known by what is in it."""
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            if file.size and file.size > LARGEST:
                raise forms.ValidationError(_("The file is larger than 5 MB."))
            paper = paper_of(file.read())
            file.seek(0)
            self.instance.file_name = download_name(file.name or "", paper)
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("title_nl") and not data.get("title_en"):
            self.add_error("title_nl", _("Give it a title."))
        if data.get("kind") == Module.Kind.TEXT:
            if not data.get("body_nl") and not data.get("body_en"):
                self.add_error("body_nl", _("Write the text in at least one language."))
        elif data.get("kind") == Module.Kind.FILE:
            if not data.get("file") and "file" not in self.errors:
                self.add_error("file", _("Choose the file to download."))
        elif data.get("kind") and not data.get("link") and "link" not in self.errors:
            self.add_error("link", _("Give the web address."))
        return data
