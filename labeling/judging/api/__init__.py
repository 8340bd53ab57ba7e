"""x"""

urlpatterns: list[object] = []
