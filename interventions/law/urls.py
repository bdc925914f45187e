from django.urls import path

from interventions.law import views

urlpatterns = [
    path("law/", views.law, name="law"),
    path("law/new/", views.add, name="law-add"),
    path("law/<int:pk>/change/", views.change, name="law-change"),
    path("law/order-types/", views.order_types, name="order-types"),
    path("law/order-types/new/", views.add_type, name="order-type-add"),
    path("law/order-types/<int:pk>/change/", views.change_type, name="order-type-change"),
]
