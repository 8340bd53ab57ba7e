"""The pages of training and qualification: to take them, and to manage them."""

from django.urls import path

from labeling.training.web import items, objections, plan, taking, trials

BASE = "campaigns/<int:campaign_id>/training/"
TRIAL = BASE + "trials/<int:trial_id>/"
urlpatterns = [
    path(BASE, taking.training, name="training"),
    path(BASE + "start/", taking.start, name="training-start"),
    path(BASE + "attempts/<int:attempt_id>/", taking.attempt, name="training-attempt"),
    path(TRIAL, trials.trial, name="training-trial"),
    path(TRIAL + "objection/", trials.objection, name="training-objection"),
    path(BASE + "items/", items.items, name="training-items"),
    path(BASE + "items/<int:item_id>/", items.item, name="training-item"),
    path(BASE + "items/<int:item_id>/take-back/", items.take_back, name="training-item-take-back"),
    path(BASE + "plan/", plan.edit, name="training-plan"),
    path(BASE + "people/", plan.people, name="training-people"),
    path(BASE + "objections/", objections.objections, name="training-objections"),
    path(BASE + "objections/<int:objection_id>/", objections.decide, name="training-decide"),
]
