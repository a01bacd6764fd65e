"""Who may do what: a line for each URL of the site, and method, and role.

A page that is not there for somebody is 404, not 403; anonymous people are sent to
sign in (302). A POST here has no fields: 302 did it, 422 asks for what is missing.
"""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from tests.cast import ROLES, World, make_world
from tests.urls_of_the_site import URLS

ACCESS = """
                                          anonymous outsider mentee mentor other_mentor coordinator other_coordinator sponsor hr_admin it_admin leaver
GET dashboards:home                       302       200      200    200    200          200         200               200     200      200      302
GET dashboards:overview                   302       404      404    404    404          200         200               404     200      404      302
GET dashboards:counted                    302       404      404    404    404          200         200               404     200      404      302
GET dashboards:program_dashboard          302       404      404    404    404          200         404               404     200      404      302
GET dashboards:outcomes                   302       404      404    404    404          200         404               200     200      404      302
GET dashboards:access                     302       404      404    404    404          200         404               200     200      404      302
GET dashboards:sponsor_program            302       404      404    404    404          404         404               200     200      404      302
GET dashboards:health                     302       404      404    404    404          404         404               404     200      200      302
GET dashboards:healthz                    200       200      200    200    200          200         200               200     200      200      200
GET dashboards:metrics                    404       404      404    404    404          404         404               404     404      404      404
GET people:profile_edit                   302       200      200    200    200          200         200               200     200      200      302
POST people:profile_edit                  302       422      422    422    422          422         422               422     422      422      302
POST people:profile_autosave              302       200      200    200    200          200         200               200     200      200      302
POST people:offer_add                     302       302      302    302    302          302         302               302     302      302      302
POST people:wish_add                      302       302      302    302    302          302         302               302     302      302      302
POST people:offer_change                  302       302      302    302    302          302         302               302     302      302      302
POST people:wish_change                   302       302      302    302    302          302         302               302     302      302      302
GET people:topic_search                   302       200      200    200    200          200         200               200     200      200      302
POST people:absence_add                   302       422      422    422    422          422         422               422     422      422      302
POST people:absence_remove                302       302      302    302    302          302         302               302     302      302      302
GET people:data_mine                      302       200      302    200    200          200         200               200     200      200      302
POST people:data_mine                     302       200      302    200    200          200         200               200     200      200      302
GET people:settings                       302       200      200    200    200          200         200               200     200      200      302
POST people:settings                      302       422      422    422    422          422         422               422     422      422      302
GET people:person_list                    302       404      404    404    404          404         404               404     200      404      302
GET people:person_create                  302       404      404    404    404          404         404               404     200      404      302
POST people:person_create                 302       404      404    404    404          404         404               404     422      404      302
GET people:person_detail                  302       200      200    200    200          200         200               200     200      404      302
GET people:person_employment              302       404      404    404    404          404         404               404     200      404      302
POST people:person_employment             302       404      404    404    404          404         404               404     422      404      302
POST people:person_role                   302       404      404    404    404          404         404               404     302      404      302
GET people:person_data                    302       404      404    404    404          404         404               404     200      404      302
POST people:person_data                   302       404      404    404    404          404         404               404     200      404      302
GET people:person_erase                   302       404      404    404    404          404         404               404     200      404      302
POST people:person_erase                  302       404      404    404    404          404         404               404     422      404      302
GET people:person_leave                   302       404      404    404    404          404         404               404     200      404      302
POST people:person_leave                  302       404      404    404    404          404         404               404     302      404      302
POST people:person_return                 302       404      404    404    404          404         404               404     302      404      302
GET people:people_import                  302       404      404    404    404          404         404               404     200      404      302
POST people:people_import                 302       404      404    404    404          404         404               404     422      404      302
POST people:feed_settings                 302       404      404    404    404          404         404               404     302      404      302
GET people:import_columns                 302       404      404    404    404          404         404               404     200      404      302
POST people:import_columns                302       404      404    404    404          404         404               404     422      404      302
GET people:import_preview                 302       404      404    404    404          404         404               404     200      404      302
POST people:import_preview                302       404      404    404    404          404         404               404     302      404      302
GET people:organisation_edit              302       404      404    404    404          404         404               404     200      404      302
POST people:organisation_edit             302       404      404    404    404          404         404               404     302      404      302
GET people:brand_css                      200       200      200    200    200          200         200               200     200      200      200
GET people:brand_logo                     200       200      200    200    200          200         200               200     200      200      200
POST people:topic_propose                 302       302      302    302    302          302         302               302     302      302      302
GET people:topic_list                     302       404      404    404    404          404         404               404     200      404      302
GET people:topic_create                   302       404      404    404    404          404         404               404     200      404      302
POST people:topic_create                  302       404      404    404    404          404         404               404     422      404      302
GET people:topic_edit                     302       404      404    404    404          404         404               404     200      404      302
POST people:topic_edit                    302       404      404    404    404          404         404               404     422      404      302
POST people:topic_merge                   302       404      404    404    404          404         404               404     302      404      302
GET people:family_list                    302       404      404    404    404          404         404               404     200      404      302
POST people:family_list                   302       404      404    404    404          404         404               404     422      404      302
GET people:family_edit                    302       404      404    404    404          404         404               404     200      404      302
POST people:family_edit                   302       404      404    404    404          404         404               404     422      404      302
POST people:proposal_decide               302       404      404    404    404          404         404               404     302      404      302
GET people:background_edit                302       200      200    200    200          200         200               200     200      200      302
POST people:background_edit               302       302      302    302    302          302         302               302     302      302      302
POST people:background_remove             302       302      302    302    302          302         302               302     302      302      302
GET people:background_list                302       404      404    404    404          404         404               404     200      404      302
POST people:background_take               302       404      404    404    404          404         404               404     302      404      302
GET people:background_create              302       404      404    404    404          404         404               404     200      404      302
POST people:background_create             302       404      404    404    404          404         404               404     422      404      302
GET people:background_question            302       404      404    404    404          404         404               404     200      404      302
POST people:background_question           302       404      404    404    404          404         404               404     422      404      302
POST people:background_drop               302       404      404    404    404          404         404               404     302      404      302
GET people:welcome                        410       410      410    410    410          410         410               410     410      410      410
POST people:welcome                       410       410      410    410    410          410         410               410     410      410      410
POST people:demo_sign_in                  404       404      404    404    404          404         404               404     404      404      404
POST set_language                         302       302      302    302    302          302         302               302     302      302      302
GET mfa_index                             302       200      200    200    200          200         200               200     200      200      302
GET mfa_authenticate                      302       302      302    302    302          302         302               302     302      302      302
POST mfa_authenticate                     302       302      302    302    302          302         302               302     302      302      302
GET mfa_reauthenticate                    302       403      200    403    403          403         403               403     403      403      302
POST mfa_reauthenticate                   302       403      422    403    403          403         403               403     403      403      302
GET mfa_reauthenticate_webauthn           302       403      200    403    403          403         403               403     403      403      302
POST mfa_reauthenticate_webauthn          302       403      302    403    403          403         403               403     403      403      302
GET mfa_activate_totp                     302       200      302    200    200          200         200               200     200      200      302
POST mfa_activate_totp                    302       422      302    422    422          422         422               422     422      422      302
GET mfa_deactivate_totp                   302       404      302    404    404          404         404               404     404      404      302
POST mfa_deactivate_totp                  302       404      302    404    404          404         404               404     404      404      302
GET mfa_add_webauthn                      302       200      302    200    200          200         200               200     200      200      302
POST mfa_add_webauthn                     302       422      302    422    422          422         422               422     422      422      302
GET mfa_edit_webauthn                     302       404      302    404    404          404         404               404     404      404      302
POST mfa_edit_webauthn                    302       404      302    404    404          404         404               404     404      404      302
GET mfa_remove_webauthn                   302       404      302    404    404          404         404               404     404      404      302
POST mfa_remove_webauthn                  302       404      302    404    404          404         404               404     404      404      302
GET mfa_view_recovery_codes               302       404      302    404    404          404         404               404     404      404      302
GET mfa_generate_recovery_codes           302       200      302    200    200          200         200               200     200      200      302
POST mfa_generate_recovery_codes          302       422      302    422    422          422         422               422     422      422      302
GET mfa_download_recovery_codes           302       404      302    404    404          404         404               404     404      404      302
GET mfa_login_webauthn                    302       302      302    302    302          302         302               302     302      302      302
POST mfa_login_webauthn                   302       302      302    302    302          302         302               302     302      302      302
GET second_step_reset                     302       404      404    404    404          404         404               404     200      404      302
POST second_step_reset                    302       404      404    404    404          404         404               404     302      404      302
GET programs:program_list                 302       200      200    200    200          200         200               200     200      200      302
GET programs:manager_guide                302       200      200    200    200          200         200               200     200      200      302
GET programs:template_list                302       404      404    404    404          404         404               404     200      404      302
GET programs:program_create               302       404      404    404    404          404         404               404     200      404      302
POST programs:program_create              302       404      404    404    404          404         404               404     422      404      302
GET programs:program_copy                 302       404      404    404    404          404         404               404     200      404      302
POST programs:program_copy                302       404      404    404    404          404         404               404     422      404      302
GET programs:program_setup                302       404      404    404    404          302         404               404     302      404      302
GET programs:setup_step                   302       404      404    404    404          302         404               404     302      404      302
POST programs:setup_step                  302       404      404    404    404          302         404               404     302      404      302
POST programs:setup_done                  302       404      404    404    404          302         404               404     302      404      302
GET programs:program_preview              302       404      404    404    404          200         404               404     200      404      302
GET programs:visibility                   302       404      200    200    404          200         404               404     200      404      302
POST programs:visibility                  302       404      404    404    404          422         404               404     422      404      302
GET programs:eligibility_edit             302       404      404    404    404          200         404               404     200      404      302
POST programs:eligibility_edit            302       404      404    404    404          422         404               404     422      404      302
GET programs:eligible_list                302       404      404    404    404          200         404               404     200      404      302
GET programs:question_list                302       404      404    404    404          200         404               404     200      404      302
GET programs:question_add                 302       404      404    404    404          200         404               404     200      404      302
POST programs:question_add                302       404      404    404    404          422         404               404     422      404      302
GET programs:question_edit                302       404      404    404    404          200         404               404     200      404      302
POST programs:question_edit               302       404      404    404    404          422         404               404     422      404      302
POST programs:question_move               302       404      404    404    404          302         404               404     302      404      302
POST programs:question_remove             302       404      404    404    404          302         404               404     302      404      302
GET programs:module_list                  302       404      404    404    404          200         404               404     200      404      302
GET programs:module_add                   302       404      404    404    404          200         404               404     200      404      302
POST programs:module_add                  302       404      404    404    404          422         404               404     422      404      302
GET programs:module_edit                  302       404      404    404    404          200         404               404     200      404      302
POST programs:module_edit                 302       404      404    404    404          422         404               404     422      404      302
POST programs:module_move                 302       404      404    404    404          302         404               404     302      404      302
POST programs:module_remove               302       404      404    404    404          302         404               404     302      404      302
GET programs:library                      302       404      200    200    404          200         404               404     200      404      302
GET programs:module_detail                302       404      200    200    404          200         404               404     200      404      302
GET programs:module_file                  302       404      200    200    404          200         404               404     200      404      302
POST programs:module_done                 302       404      302    302    404          404         404               404     404      404      302
GET programs:viewing_start                302       404      404    404    404          200         404               404     200      404      302
POST programs:viewing_start               302       404      404    404    404          302         404               404     302      404      302
POST programs:viewing_stop                302       404      404    404    404          302         404               404     302      404      302
GET programs:application_list             302       404      404    404    404          200         404               404     200      404      302
POST programs:application_decide          302       404      404    404    404          422         404               404     422      404      302
POST programs:application_withdraw        302       404      404    404    404          404         404               404     404      404      302
GET programs:coordinator_list             302       404      404    404    404          200         404               404     200      404      302
GET programs:goal_detail                  302       404      404    404    404          200         404               404     200      404      302
POST programs:goal_detail                 302       404      404    404    404          302         404               404     302      404      302
GET programs:invite_accept                200       200      200    200    200          200         200               200     200      200      200
POST programs:invite_accept               302       302      302    302    302          302         302               302     302      302      302
GET programs:program_detail               302       404      200    200    404          200         404               404     200      404      302
GET programs:program_edit                 302       404      404    404    404          200         404               404     200      404      302
POST programs:program_edit                302       404      404    404    404          422         404               404     422      404      302
GET programs:program_move                 302       404      404    404    404          200         404               404     200      404      302
POST programs:program_move                302       404      404    404    404          302         404               404     302      404      302
GET programs:program_goals                302       404      404    404    404          200         404               404     200      404      302
POST programs:program_goals               302       404      404    404    404          422         404               404     422      404      302
POST programs:goal_remove                 302       404      404    404    404          302         404               404     302      404      302
GET programs:guideline_list               302       404      404    404    404          200         404               404     200      404      302
GET programs:guideline_edit               302       404      404    404    404          200         404               404     200      404      302
POST programs:guideline_edit              302       404      404    404    404          422         404               404     422      404      302
GET programs:guideline_detail             302       404      200    200    404          200         404               404     200      404      302
GET programs:program_join                 302       404      302    302    404          200         404               404     200      404      302
POST programs:program_join                302       404      302    302    404          422         404               404     422      404      302
GET programs:participation                302       404      200    200    404          404         404               404     404      404      302
POST programs:participation_complete      302       404      302    302    404          404         404               404     404      404      302
POST programs:participation_capacity      302       404      404    422    404          404         404               404     404      404      302
POST programs:participation_manager       302       404      404    404    404          404         404               404     404      404      302
POST programs:participation_pause         302       404      422    422    404          404         404               404     404      404      302
POST programs:participation_resume        302       404      302    302    404          404         404               404     404      404      302
GET programs:participation_leave          302       404      200    200    404          404         404               404     404      404      302
POST programs:participation_leave         302       404      302    302    404          404         404               404     404      404      302
GET programs:participant_return           302       404      404    404    404          200         404               404     200      404      302
POST programs:participant_return          302       404      404    404    404          302         404               404     302      404      302
GET programs:participant_list             302       404      404    404    404          200         404               404     200      404      302
GET programs:invite_create                302       404      404    404    404          200         404               404     200      404      302
POST programs:invite_create               302       404      404    404    404          422         404               404     422      404      302
POST programs:invite_withdraw             302       404      404    404    404          302         404               404     302      404      302
POST programs:coordinator_add             302       404      404    404    404          422         404               404     422      404      302
POST programs:coordinator_remove          302       404      404    404    404          302         404               404     302      404      302
GET mentorships:mentorship_list           302       200      200    200    200          200         200               200     200      200      302
GET mentorships:mentorship_detail         302       404      200    200    404          404         404               404     404      404      302
POST mentorships:action_add               302       404      422    422    404          404         404               404     404      404      302
POST mentorships:action_toggle            302       404      302    302    404          404         404               404     404      404      302
GET mentorships:agreement                 302       404      200    200    404          404         404               404     404      404      302
POST mentorships:agreement                302       404      422    422    404          404         404               404     404      404      302
POST mentorships:agreement_sign           302       404      302    302    404          404         404               404     404      404      302
GET mentorships:course                    302       404      200    200    404          404         404               404     404      404      302
POST mentorships:mentorship_rhythm        302       404      302    302    404          404         404               404     404      404      302
POST mentorships:mentorship_name          302       404      302    302    404          404         404               404     404      404      302
POST mentorships:mentorship_pause         302       404      422    422    404          404         404               404     404      404      302
POST mentorships:mentorship_resume        302       404      302    302    404          404         404               404     404      404      302
POST mentorships:mentorship_extend        302       404      422    422    404          404         404               404     404      404      302
GET mentorships:fit_check                 302       404      200    200    404          404         404               404     404      404      302
POST mentorships:fit_check                302       404      422    422    404          404         404               404     404      404      302
GET mentorships:something_off             302       404      200    200    404          404         404               404     404      404      302
POST mentorships:something_off            302       404      422    422    404          404         404               404     404      404      302
GET mentorships:mentorship_leave          302       404      302    302    404          404         404               404     404      404      302
POST mentorships:mentorship_leave         302       404      302    302    404          404         404               404     404      404      302
GET mentorships:mentorship_end            302       404      200    200    404          404         404               404     404      404      302
POST mentorships:mentorship_end           302       404      302    302    404          404         404               404     404      404      302
GET mentorships:session_plan              302       404      200    200    404          404         404               404     404      404      302
POST mentorships:session_plan             302       404      422    422    404          404         404               404     404      404      302
GET mentorships:session_offer             302       404      200    200    404          404         404               404     404      404      302
POST mentorships:session_offer            302       404      422    422    404          404         404               404     404      404      302
GET mentorships:session_log_new           302       404      200    200    404          404         404               404     404      404      302
POST mentorships:session_log_new          302       404      422    422    404          404         404               404     404      404      302
GET mentorships:goal_add                  302       404      200    200    404          404         404               404     404      404      302
POST mentorships:goal_add                 302       404      422    422    404          404         404               404     404      404      302
POST mentorships:goal_review              302       404      200    200    404          404         404               404     404      404      302
GET mentorships:feedback_give             302       404      200    200    404          404         404               404     404      404      302
POST mentorships:feedback_give            302       404      422    422    404          404         404               404     404      404      302
GET mentorships:thank_you                 302       404      200    200    404          404         404               404     404      404      302
POST mentorships:thank_you                302       404      422    422    404          404         404               404     404      404      302
GET mentorships:journal                   302       404      200    200    404          404         404               404     404      404      302
POST mentorships:journal                  302       404      422    422    404          404         404               404     404      404      302
GET mentorships:self_rating               302       404      200    200    404          404         404               404     404      404      302
POST mentorships:self_rating              302       404      422    422    404          404         404               404     404      404      302
POST mentorships:certificate_get          302       404      302    302    404          404         404               404     404      404      302
GET mentorships:certificate               302       404      404    404    404          404         404               404     404      404      302
GET mentorships:hours_statement           302       404      404    200    404          404         404               404     404      404      302
GET mentorships:session_detail            302       404      200    200    404          404         404               404     404      404      302
POST mentorships:session_prepare          302       404      302    302    404          404         404               404     404      404      302
GET mentorships:session_move              302       404      200    200    404          404         404               404     404      404      302
POST mentorships:session_move             302       404      422    422    404          404         404               404     404      404      302
GET mentorships:session_cancel            302       404      200    200    404          404         404               404     404      404      302
POST mentorships:session_cancel           302       404      302    302    404          404         404               404     404      404      302
POST mentorships:session_miss             302       404      302    302    404          404         404               404     404      404      302
GET mentorships:session_log               302       404      302    302    404          404         404               404     404      404      302
POST mentorships:session_log              302       404      302    302    404          404         404               404     404      404      302
POST mentorships:note_save                302       404      200    200    404          404         404               404     404      404      302
POST mentorships:offer_pick               302       404      404    302    404          404         404               404     404      404      302
POST mentorships:offer_withdraw           302       404      302    302    404          404         404               404     404      404      302
GET mentorships:goal_detail               302       404      200    200    404          404         404               404     404      404      302
GET mentorships:goal_edit                 302       404      200    403    404          404         404               404     404      404      302
POST mentorships:goal_edit                302       404      422    403    404          404         404               404     404      404      302
POST mentorships:goal_progress            302       404      422    403    404          404         404               404     404      404      302
POST mentorships:milestone_add            302       404      422    403    404          404         404               404     404      404      302
POST mentorships:milestone_toggle         302       404      302    403    404          404         404               404     404      404      302
POST mentorships:goal_comment             302       404      422    422    404          404         404               404     404      404      302
POST mentorships:goal_close               302       404      422    403    404          404         404               404     404      404      302
POST mentorships:thanks_show              302       404      302    302    404          404         404               404     404      404      302
POST mentorships:reflection_share         302       404      404    302    404          404         404               404     404      404      302
GET mentorships:reflection_remove         302       404      404    200    404          404         404               404     404      404      302
POST mentorships:reflection_remove        302       404      404    302    404          404         404               404     404      404      302
GET mentorships:guide_list                302       200      200    200    200          200         200               200     200      200      302
GET mentorships:guide_detail              302       200      200    200    200          200         200               200     200      200      302
GET mentorships:calendar                  302       200      200    200    200          200         200               200     200      200      302
POST mentorships:calendar_renew           302       302      302    302    302          302         302               302     302      302      302
POST mentorships:calendar_stop            302       302      302    302    302          302         302               302     302      302      302
GET mentorships:session_tap               200       200      200    200    200          200         200               200     200      200      200
POST mentorships:session_tap              422       422      422    422    422          422         422               422     422      422      422
GET mentorships:calendar_feed             200       200      200    200    200          200         200               200     200      200      200
GET mentorships:certificate_check         404       404      404    404    404          404         404               404     404      404      404
GET mentorships:program_mentorships       302       404      404    404    404          200         404               404     200      404      302
GET mentorships:session_vouch             302       404      404    404    404          200         404               404     200      404      302
POST mentorships:session_vouch            302       404      404    404    404          422         404               404     422      404      302
GET mentorships:recognition               302       404      200    200    404          200         404               404     200      404      302
GET mentorships:story_write               302       404      200    200    404          404         404               404     404      404      302
POST mentorships:story_write              302       404      422    422    404          404         404               404     404      404      302
GET mentorships:story_edit                302       404      200    404    404          404         404               404     404      404      302
POST mentorships:story_edit               302       404      422    404    404          404         404               404     404      404      302
POST mentorships:story_withdraw           302       404      302    404    404          404         404               404     404      404      302
POST mentorships:story_remove             302       404      302    404    404          404         404               404     404      404      302
POST mentorships:story_show               302       404      404    404    404          302         404               404     302      404      302
POST mentorships:story_return             302       404      404    404    404          302         404               404     302      404      302
GET mentorships:year                      302       404      404    200    200          404         404               404     404      404      302
GET matching:round_list                   302       404      404    404    404          200         404               404     200      404      302
POST matching:round_list                  302       404      404    404    404          422         404               404     422      404      302
GET matching:readiness                    302       404      404    404    404          200         404               404     200      404      302
POST matching:mentors_ask                 302       404      404    404    404          302         404               404     302      404      302
GET matching:manner_edit                  302       404      404    404    404          200         404               404     200      404      302
POST matching:manner_edit                 302       404      404    404    404          422         404               404     422      404      302
GET matching:criteria_edit                302       404      404    404    404          200         404               404     200      404      302
POST matching:criteria_edit               302       404      404    404    404          422         404               404     422      404      302
GET matching:round_compare                302       404      404    404    404          200         404               404     200      404      302
GET matching:exclusion_list               302       404      404    404    404          200         404               404     200      404      302
POST matching:exclusion_list              302       404      404    404    404          422         404               404     422      404      302
POST matching:exclusion_remove            302       404      404    404    404          302         404               404     302      404      302
GET matching:waiting                      302       404      200    200    404          404         404               404     404      404      302
GET matching:choose                       302       404      200    404    404          404         404               404     404      404      302
GET matching:mentor_choose                302       404      200    404    404          404         404               404     404      404      302
POST matching:mentor_choose               302       404      422    404    404          404         404               404     404      404      302
GET matching:wishes_edit                  302       404      404    404    404          404         404               404     404      404      302
POST matching:wishes_edit                 302       404      404    404    404          404         404               404     404      404      302
GET matching:request_answer               200       200      200    200    200          200         200               200     200      200      200
POST matching:request_answer              422       422      422    422    422          422         422               422     422      422      422
GET matching:place_answer                 200       200      200    200    200          200         200               200     200      200      200
POST matching:place_answer                422       422      422    422    422          422         422               422     422      422      422
POST matching:request_withdraw            302       404      302    404    404          404         404               404     404      404      302
GET matching:round_detail                 302       404      404    404    404          200         404               404     200      404      302
GET matching:left_over_list               302       404      404    404    404          200         404               404     200      404      302
GET matching:pair_check                   302       404      404    404    404          200         404               404     200      404      302
GET matching:member_move                  302       404      404    404    404          302         404               404     302      404      302
GET matching:round_publish                302       404      404    404    404          200         404               404     200      404      302
GET matching:proposal_detail              302       404      404    404    404          200         404               404     200      404      302
GET matching:proposal_swap                302       404      404    404    404          200         404               404     200      404      302
POST matching:round_stop                  302       404      404    404    404          302         404               404     302      404      302
POST matching:approve_all                 302       404      404    404    404          302         404               404     302      404      302
POST matching:round_publish               302       404      404    404    404          302         404               404     302      404      302
POST matching:round_undo                  302       404      404    404    404          302         404               404     302      404      302
POST matching:round_send                  302       404      404    404    404          302         404               404     302      404      302
POST matching:round_close                 302       404      404    404    404          302         404               404     302      404      302
POST matching:proposal_decide             302       404      404    404    404          302         404               404     302      404      302
POST matching:proposal_publish            302       404      404    404    404          302         404               404     302      404      302
POST matching:pair_check                  302       404      404    404    404          422         404               404     422      404      302
POST matching:member_move                 302       404      404    404    404          302         404               404     302      404      302
POST matching:member_decide               302       404      404    404    404          302         404               404     302      404      302
POST matching:place_ask                   302       404      404    404    404          302         404               404     302      404      302
POST matching:proposal_swap               302       404      404    404    404          422         404               404     422      404      302
GET feedback:survey_list                  302       404      404    404    404          200         404               404     200      404      302
GET feedback:survey_create                302       404      404    404    404          200         404               404     200      404      302
POST feedback:survey_create               302       404      404    404    404          422         404               404     422      404      302
POST feedback:survey_take                 302       404      404    404    404          302         404               404     302      404      302
GET feedback:survey_detail                302       404      404    404    404          200         404               404     200      404      302
GET feedback:survey_edit                  302       404      404    404    404          200         404               404     200      404      302
POST feedback:survey_edit                 302       404      404    404    404          422         404               404     422      404      302
GET feedback:survey_preview               302       404      404    404    404          200         404               404     200      404      302
POST feedback:survey_retire               302       404      404    404    404          302         404               404     302      404      302
GET feedback:question_add                 302       404      404    404    404          200         404               404     200      404      302
POST feedback:question_add                302       404      404    404    404          422         404               404     422      404      302
GET feedback:question_edit                302       404      404    404    404          200         404               404     200      404      302
POST feedback:question_edit               302       404      404    404    404          422         404               404     422      404      302
POST feedback:question_order               302       404      404    404    404          302         404               404     302      404      302
POST feedback:question_move               302       404      404    404    404          302         404               404     302      404      302
GET feedback:question_remove              302       404      404    404    404          200         404               404     200      404      302
POST feedback:question_remove             302       404      404    404    404          302         404               404     302      404      302
GET feedback:survey_send                  302       404      404    404    404          200         404               404     200      404      302
POST feedback:survey_send                 302       404      404    404    404          409         404               404     409      404      302
GET feedback:wave_detail                  302       404      404    404    404          200         404               404     200      404      302
GET feedback:wave_remarks                 302       404      404    404    404          200         404               404     200      404      302
GET feedback:wave_close                   302       404      404    404    404          200         404               404     200      404      302
POST feedback:wave_close                  302       404      404    404    404          302         404               404     302      404      302
GET feedback:wave_export                  302       404      404    404    404          200         404               404     200      404      302
GET feedback:care_queue                   302       404      404    404    404          200         200               404     200      404      302
GET feedback:care_settings                302       404      404    404    404          200         404               404     200      404      302
POST feedback:care_settings               302       404      404    404    404          422         404               404     422      404      302
GET feedback:care_detail                  302       404      404    404    404          200         404               404     200      404      302
POST feedback:care_take                   302       404      404    404    404          302         404               404     302      404      302
POST feedback:care_let_go                 302       404      404    404    404          302         404               404     302      404      302
GET feedback:care_of                       302       404      404    404    404          302         404               404     302      404      302
POST feedback:care_snooze                 302       404      404    404    404          422         404               404     422      404      302
POST feedback:care_close                  302       404      404    404    404          422         404               404     422      404      302
POST feedback:care_write                  302       404      404    404    404          422         404               404     422      404      302
GET feedback:report_create                302       404      200    200    404          404         404               404     404      404      302
POST feedback:report_create               302       404      422    422    404          404         404               404     404      404      302
GET feedback:report_list                  302       404      404    200    200          404         404               404     404      404      302
GET feedback:report_mine                  302       200      200    200    200          200         200               200     200      200      302
GET feedback:report_detail                302       404      404    200    404          404         404               404     404      404      302
POST feedback:report_add                  302       404      422    404    404          404         404               404     404      404      302
POST feedback:report_begin                302       404      404    302    404          404         404               404     404      404      302
POST feedback:report_close                302       404      404    302    404          404         404               404     404      404      302
GET feedback:confidant_list               302       404      404    404    404          404         404               404     200      404      302
POST feedback:confidant_list              302       404      404    404    404          404         404               404     422      404      302
POST feedback:confidant_remove            302       404      404    404    404          404         404               404     302      404      302
GET feedback:report_hand_over             302       404      404    404    404          404         404               404     200      404      302
POST feedback:report_hand_over            302       404      404    404    404          404         404               404     422      404      302
GET feedback:survey_answer                200       200      200    200    200          200         200               200     200      200      200
POST feedback:survey_answer               422       422      422    422    422          422         422               422     422      422      422
POST feedback:answer_keep                 302       302      302    302    302          302         302               302     302      302      302
GET outbox:preferences                    302       200      200    200    200          200         200               200     200      200      302
POST outbox:preferences                   302       302      302    302    302          302         302               302     302      302      302
GET outbox:unsubscribe                    410       410      410    410    410          410         410               410     410      410      410
POST outbox:unsubscribe                   410       410      410    410    410          410         410               410     410      410      410
GET outbox:message_list                   302       404      404    404    404          404         404               404     200      200      302
POST outbox:message_settle                302       404      404    404    404          404         404               404     302      302      302
GET dashboards:timeline                   302       404      404    404    404          200         404               404     200      404      302
GET dashboards:timeline_dry_run           302       404      404    404    404          200         404               404     200      404      302
POST dashboards:timeline_settle           302       404      404    404    404          302         404               404     302      404      302
GET dashboards:timeline_kind              302       404      404    404    404          200         404               404     200      404      302
POST dashboards:timeline_kind             302       404      404    404    404          302         404               404     302      404      302
POST dashboards:timeline_switch           302       404      404    404    404          302         404               404     302      404      302
GET dashboards:timeline_preview           302       404      404    404    404          200         404               404     200      404      302
GET demo_mailbox                          200       200      200    200    200          200         200               200     200      200      200
GET demo_mail                             404       404      404    404    404          404         404               404     404      404      404
GET demo_mail_html                        404       404      404    404    404          404         404               404     404      404      404
GET demo_attachment                       404       404      404    404    404          404         404               404     404      404      404
"""

OUTSIDE = {
    name for name in URLS if name.startswith("account_") or name in {"styleguide"}
}


def lines() -> list[tuple[str, str, list[int]]]:
    """Method, URL name, and the status for each role."""
    found = []
    for line in ACCESS.strip().splitlines()[1:]:
        method, name, *codes = line.split()
        found.append((method, name, [int(code) for code in codes]))
    return found


def arguments_for(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What fills a URL's arguments, from the first programme."""
    special = {
        "action": "close",
        "template_key": "flash",
        "step": "purpose",
        "role": "mentee",
        "guide_key": "first-meeting",
        "question_key": "gender",
        "name": "none",
        "number": 0,
        "kind": "check_in",
        "token": "altered",
        "code": "none",
        **arguments,
    }
    means = {
        "programs:goal_remove": {"goal_id": arguments["program_goal_id"]},
        "programs:goal_detail": {"goal_id": arguments["program_goal_id"]},
        "programs:coordinator_remove": {"participant_id": arguments["coordinator_id"]},
        "programs:participant_return": {"participant_id": arguments["returned_id"]},
        "programs:invite_accept": {"token": arguments["invite_token"]},
        "feedback:survey_answer": {"token": arguments["survey_token"]},
        "matching:request_answer": {"token": arguments["request_token"]},
        "matching:place_answer": {"token": arguments["place_token"]},
        "matching:place_ask": {"participant_id": arguments["mentor_id"]},
        "matching:member_decide": {"participant_id": arguments["mentor_id"]},
        "mentorships:session_tap": {"token": arguments["tap_token"]},
        "mentorships:calendar_feed": {"token": arguments["feed_token"]},
        "feedback:answer_keep": {"token": arguments["survey_token"]},
        "feedback:survey_take": {"template_key": "programme"},
        "feedback:wave_export": {"form": "csv"},
        "feedback:report_hand_over": {"user_id": arguments["former_id"]},
    }
    special |= means.get(name, {})
    if name.startswith("feedback:"):
        special["question_id"] = arguments["survey_question_id"]
    return {key: special[key] for key in URLS[name]}


def test_no_url_without_a_line():
    named = {name for _method, name, _codes in lines()}

    assert set(URLS) - OUTSIDE == named


@pytest.mark.parametrize(("method", "name", "codes"), lines())
def test_access(world: World, method: str, name: str, codes: list[int]):
    url = reverse(name, kwargs=arguments_for(name, world.arguments))

    found = [status(world, role, method, url) for role in ROLES]

    assert dict(zip(ROLES, found, strict=True)) == dict(zip(ROLES, codes, strict=True))


def status(world: World, role: str, method: str, url: str) -> int:
    """What a role gets; what it did is undone, so that each finds the same world."""
    client = world.client(role)
    with transaction.atomic():
        if method == "POST":
            answer = client.post(url, {"sent": "yes"})
        else:
            answer = client.get(url)
        transaction.set_rollback(True)
    return answer.status_code


def print_table() -> str:
    """The table as it is now, to be read line by line before it is believed."""
    world = make_world()
    width = max(len(name) for name in URLS) + 6
    rows = [" " * width + " ".join(ROLES)]
    for name in URLS:
        if name in OUTSIDE:
            continue
        url = reverse(name, kwargs=arguments_for(name, world.arguments))
        for method in ("GET", "POST"):
            codes = [status(world, role, method, url) for role in ROLES]
            if set(codes) <= {405, 302} and 405 in codes:
                continue
            cells = [str(c).ljust(len(r)) for c, r in zip(codes, ROLES, strict=True)]
            rows.append(f"{method} {name}".ljust(width) + " ".join(cells).rstrip())
    return "\n".join(rows)
