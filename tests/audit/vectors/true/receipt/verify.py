# the script that checks this bundle lies here
