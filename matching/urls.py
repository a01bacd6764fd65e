from django.urls import path

from matching import views

app_name = "matching"

urlpatterns = [
    # of one programme, for whoever runs it
    path("of/<slug:program_slug>/", views.round_list, name="round_list"),
    path("of/<slug:program_slug>/readiness/", views.readiness, name="readiness"),
    path("of/<slug:program_slug>/ask/", views.mentors_ask, name="mentors_ask"),
    path("of/<slug:program_slug>/criteria/", views.criteria_edit, name="criteria_edit"),
    path("of/<slug:program_slug>/who-chooses/", views.manner_edit, name="manner_edit"),
    path("of/<slug:program_slug>/compare/", views.round_compare, name="round_compare"),
    path("of/<slug:program_slug>/never/", views.exclusion_list, name="exclusion_list"),
    path(
        "of/<slug:program_slug>/never/<int:exclusion_id>/remove/",
        views.exclusion_remove,
        name="exclusion_remove",
    ),
    # of one programme, for whoever takes part
    path("of/<slug:program_slug>/waiting/", views.waiting, name="waiting"),
    path("of/<slug:program_slug>/choose/", views.choose, name="choose"),
    path(
        "of/<slug:program_slug>/choose/<int:mentor_id>/",
        views.mentor_choose,
        name="mentor_choose",
    ),
    path("of/<slug:program_slug>/wishes/", views.wishes_edit, name="wishes_edit"),
    path("answer/<str:token>/", views.request_answer, name="request_answer"),
    path("place/<str:token>/", views.place_answer, name="place_answer"),
    path(
        "requests/<int:request_id>/withdraw/",
        views.request_withdraw,
        name="request_withdraw",
    ),
    # one round
    path("<int:round_id>/", views.round_detail, name="round_detail"),
    path("<int:round_id>/stop/", views.round_stop, name="round_stop"),
    path("<int:round_id>/approve/", views.approve_all, name="approve_all"),
    path("<int:round_id>/left-over/", views.left_over_list, name="left_over_list"),
    path("<int:round_id>/pair/", views.pair_check, name="pair_check"),
    path("<int:round_id>/group/", views.member_move, name="member_move"),
    path(
        "<int:round_id>/places/<int:participant_id>/ask/",
        views.place_ask,
        name="place_ask",
    ),
    path("<int:round_id>/publish/", views.round_publish, name="round_publish"),
    path("<int:round_id>/undo/", views.round_undo, name="round_undo"),
    path("<int:round_id>/send/", views.round_send, name="round_send"),
    path("<int:round_id>/close/", views.round_close, name="round_close"),
    # one proposal
    path("proposals/<int:proposal_id>/", views.proposal_detail, name="proposal_detail"),
    path(
        "proposals/<int:proposal_id>/decide/",
        views.proposal_decide,
        name="proposal_decide",
    ),
    path(
        "proposals/<int:proposal_id>/publish/",
        views.proposal_publish,
        name="proposal_publish",
    ),
    path(
        "proposals/<int:proposal_id>/swap/", views.proposal_swap, name="proposal_swap"
    ),
    path(
        "proposals/<int:proposal_id>/members/<int:participant_id>/",
        views.member_decide,
        name="member_decide",
    ),
]
