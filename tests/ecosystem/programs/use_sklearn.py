# SPDX-License-Identifier: MIT
"""scikit-learn: models, pipelines, cross-validation."""
import numpy as np
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.cluster import KMeans

x, y = make_classification(400, 10, random_state=3)
print(
    cross_val_score(make_pipeline(StandardScaler(), LogisticRegression()), x, y).round(3),
    RandomForestClassifier(20, random_state=1).fit(x, y).score(x, y),
    np.round(Ridge().fit(x, y).coef_[:3], 5),
    round(float(KMeans(3, n_init=2, random_state=0).fit(x).inertia_), 3))
try:
    LogisticRegression().predict(x)
except Exception as e:
    print(type(e).__name__, e)
print(LogisticRegression(C=2))
